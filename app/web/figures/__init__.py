"""What the pages of figures show: each module prepares the views of one page and its charts from results of a stage."""
