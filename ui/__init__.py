"""The desk: the Streamlit pages a person decides in."""
