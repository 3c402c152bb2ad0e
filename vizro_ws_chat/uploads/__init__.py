"""Files that users attach to messages: kept outside any served folder for as long as they may be asked about."""
