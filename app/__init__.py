"""顧客インタビュー工房 (Interview Desk): from purchase data to people, answers, stages and boards."""
