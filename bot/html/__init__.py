"""Pages for people: templates, one style sheet, and the policy that lets a page do nothing else."""
