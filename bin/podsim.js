#!/usr/bin/env node
'use strict';
// Whoever reads has enough (`podsim get pods | head -1`): end as a program does that SIGPIPE ends, without a word.
process.stdout.on('error', ({ code, message }) => {
  if (code !== 'EPIPE') process.stderr.write(`error: cannot write to standard output: ${message}\n`);
  process.exit(code === 'EPIPE' ? 141 : 1);
});
require('../dist/start.cjs')
  .main(process)
  .then((code) => {
    process.exitCode = code;
  });
