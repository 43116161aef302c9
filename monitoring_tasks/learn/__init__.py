"""Was the alarm right?"""
