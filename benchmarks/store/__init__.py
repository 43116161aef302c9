"""How fast the store answers when it holds what years of many models leave."""
