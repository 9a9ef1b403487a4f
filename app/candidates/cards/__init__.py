"""What a card says and keeps: reasons in sentences, and the customer as shown on that day."""
