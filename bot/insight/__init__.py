"""From what people answered to what a lead should know."""
