"""searchkit"""
