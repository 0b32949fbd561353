"""What lies in an inbox, told by its content: workbooks, archives, attachments, files to be ignored."""
