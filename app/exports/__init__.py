"""Boards in; files that leave the house out (持ち出し): decks with native shapes, quote workbooks, and their log."""
