"""Ask a folder of articles; get the sentence that answers, word for word, with its source."""
