"""Are the outputs of a day those of the versions its rows state?"""
