"""One unit's results as files: its score sheet, the returned copies of its workbooks, the draft of its report."""
