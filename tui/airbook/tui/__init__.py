"""The screens: the operator's dashboard and the customer's page, live, in a terminal."""
