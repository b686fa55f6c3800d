# Aliases for ./dev, which holds every task.
.PHONY: demo lab test lint bench peer-suites nightly wheel journeys docs screenshots clean
demo lab test lint bench peer-suites nightly wheel journeys docs screenshots clean:
	@./dev $@ $(ARGS)

# One benchmark by its name: make bench-accuracy
bench-%:
	@./dev bench $*
