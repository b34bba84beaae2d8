import { expect, test } from 'vitest';
import { exposition } from '../../src/api/exposition.js';

test('families and samples in order, numbers as Go writes them', () => {
  const samples = [0, 1, -1, 0.5, 123456, 1234567, 1e6, 1.5e9, 0.0001, 0.00001234, 1795393404, 1e21].map((value, i) => ({
    labels: { n: String.fromCharCode(97 + i), a: 'x"\\\n' },
    value,
  }));
  const text = exposition([
    { name: 'b', help: 'B', type: 'gauge', samples: [{ value: 2, at: 5 }] },
    { name: 'none', help: 'None', type: 'gauge', samples: [] },
    { name: 'a', help: 'A', type: 'counter', samples: [...samples].reverse() },
  ]);
  const numbers = ['0', '1', '-1', '0.5', '123456', '1.234567e+06', '1e+06', '1.5e+09', '0.0001', '1.234e-05', '1.795393404e+09', '1e+21'];
  const lines = numbers.map((number, i) => `a{a="x\\"\\\\\\n",n="${String.fromCharCode(97 + i)}"} ${number}\n`);
  expect(text).toBe(`# HELP a A\n# TYPE a counter\n${lines.join('')}# HELP b B\n# TYPE b gauge\nb 2 5\n`);
});
