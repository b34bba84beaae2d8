#!/usr/bin/env node
'use strict';
require('../dist/start.cjs')
  .main(process)
  .then((code) => {
    process.exitCode = code;
  });
