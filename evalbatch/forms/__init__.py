"""Tagged forms of a bureau in, blank and prefilled copies out."""
