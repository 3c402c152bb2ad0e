"""Models and agents in a chat: what they stream becomes text and parts. Each needs an extra of the package."""
