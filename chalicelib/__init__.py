"""Everything of Duredesk that is packaged for Lambda."""
