"""Pure logic over records: source analysis, replay, rules, graph and slices. Needs no kernel and runs no code."""
