"""Stage 1, 購買データ: order files come in; an orders store, a customer summary (顧客) and classes (離反・休眠・新規・ロイヤル・継続) go out."""
