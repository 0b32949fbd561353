"""Tables described once and painted as worksheets that all look alike."""
