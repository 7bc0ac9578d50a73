"""The monthly report as PDF and Excel, made from one frozen statement."""
