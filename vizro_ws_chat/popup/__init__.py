"""A chat that floats over a dashboard, on every page.

Example:
    ```python
    app = Vizro().build(dashboard)
    add_chat_popup(title="Analytics assistant")
    app.run()
    ```
"""

from vizro_ws_chat.popup.dashboard_agent import create_dashboard_agent, make_generate_response
from vizro_ws_chat.popup.popup import add_chat_popup

__all__ = ["add_chat_popup", "create_dashboard_agent", "make_generate_response"]
