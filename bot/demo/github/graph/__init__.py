"""The part of GitHub's GraphQL API that the product uses."""
