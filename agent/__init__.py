"""The flow: a message goes in, a person decides, an approved reply comes out."""
