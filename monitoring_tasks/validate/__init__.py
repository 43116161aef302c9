"""Is the data fit to judge a model by?"""
