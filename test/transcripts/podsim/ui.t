# The dashboard is for people at terminals; the rest of it is told in test/podsim/ui.

  $ podsim ui
  error: ui needs a terminal to draw on and to read keys from; elsewhere there is podsim get pods -w
  [1]
  $ podsim ui --all-namespace
  error: unknown flag: --all-namespace
  See 'podsim ui --help' for usage.
  [1]
