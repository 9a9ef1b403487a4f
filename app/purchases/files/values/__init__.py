"""What single cells mean: dates, money, pieces, tax, words of status and kind. Pure."""
