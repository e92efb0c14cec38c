"""Both commits of a pull request as plain bytes, through a bare mirror that is never checked out."""
