/**
 * python, perl, node, awk and find one-liners: what they print is what the real ones print (taken from python 3.11, perl 5.36, node 20,
 * mawk 1.3.4 and findutils 4.9), and what is not known says so.
 */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/object.js';
import type { Pod } from '../../../src/resources/pods/types.js';
import { runScript } from './host.js';
import { pods } from './pods.js';

const cases: readonly (readonly [command: string, output: string, code?: number])[] = [
  // awk
  [`printf 'a\\nb\\nc\\n' | awk 'BEGIN { getline line; print line, NR } { print NR, $0 }'`, 'a 1\n2 b\n3 c\n'],
  [`printf 'a\\nb\\n' | awk 'BEGIN { while ((getline line) > 0) n++; print n, NR }'`, '2 2\n'],
  [`printf 'a-b-c' | awk 'BEGIN { RS = "-" } { print NR, $0 } END { print NR }'`, '1 a\n2 b\n3 c\n3\n'],
  // find
  [`touch a b; chown 7:8 b; find . -type f -user 7; find . -type f -group root; find . -type f ! -user root -group 8`, './b\n./a\n./b\n'],
  [`find . -user nosuch; find . -group nosuch`, "find: 'nosuch' is not the name of a known user\nfind: 'nosuch' is not the name of an existing group\n", 1],
  // perl
  [`perl -Mbignum=bpi -wle 'print bpi(50)'`, '3.1415926535897932384626433832795028841971693993751\n'],
  [`perl -e 'print "Hello\\n"'`, 'Hello\n'],
  [`perl -le 'print "a", "b"; print 1+2*3'`, 'ab\n7\n'],
  [`perl -e 'for my $i (1..3) { print "$i "; } print "\\n";'`, '1 2 3 \n'],
  [`perl -e 'print "x" x 3, "\\n"; exit 3'`, 'xxx\n', 3],
  [`perl -e '$x = 5; while ($x > 3) { print $x--, "\\n" }'`, '5\n4\n'],
  [`A=hi perl -le 'print $ENV{A}; print uc("abc") . length("four")'`, 'hi\nABC4\n'],
  [`perl -e 'printf("%05.1f|%s\\n", 3.14159, "z"); print 10/4, " ", 2**10, " ", 7 % 3, "\\n"'`, '003.1|z\n2.5 1024 1\n'],
  [`printf 'a b\\nc d\\n' | perl -pe 's/([a-z]) ([a-z])/$2 $1/'`, 'b a\nd c\n'],
  [`printf 'one\\ntwo\\n' | perl -ne 'print if /w/'`, 'two\n'],
  [`perl -e 'die "no\\n"'`, 'no\n', 255],
  [`perl -le 'print join(",", 1, 2, 3); print "yes" if 2 > 1; print "no" unless 2 > 1'`, '1,2,3\nyes\n'],
  // python
  [`python3 -c 'print("hi")'`, 'hi\n'],
  [`python3 -c "import time; time.sleep(2); print('done')"`, 'done\n'],
  [`python -c 'print(1 + 2, 7 / 2, 7 // 2, 2 ** 10, 4 / 2, sep="|")'`, '3|3.5|3|1024|2.0\n'],
  [`python3 -c 'import sys; sys.exit(4)'`, '', 4],
  [`python3 -c 'for i in range(3): print(i, end=" ")'`, '0 1 2 '],
  [`A=x python3 -c 'import os; print(os.environ["A"], os.environ.get("NOPE"), os.getenv("NOPE", "d"))'`, 'x None d\n'],
  [`python3 -c 'x = "w"; print(f"hello {x} {1 + 1:03d}", "%s-%d" % ("a", 5), "{}!".format("b"))'`, 'hello w 002 a-5 b!\n'],
  [`python3 -c 'print([1, "a", None, True], len("abc"), {"k": 1})'`, "[1, 'a', None, True] 3 {'k': 1}\n"],
  [`python3 -c 'print("a".upper(), " b ".strip(), "-".join(["x", "y"]), "a,b".split(","))'`, "A b x-y ['a', 'b']\n"],
  [
    `printf 'i = 0\\nwhile True:\\n    i += 1\\n    if i == 2:\\n        continue\\n    elif i > 3:\\n        break\\n    else:\\n        print(i)\\nprint("end")\\n' > s.py; python3 s.py`,
    '1\n3\nend\n',
  ],
  [`echo 'print("from stdin")' | python3`, 'from stdin\n'],
  [
    `python3 -c 'import nosuch'`,
    'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nModuleNotFoundError: No module named \'nosuch\'\n',
    1,
  ],
  [`python3 -c 'print(x)'`, 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nNameError: name \'x\' is not defined\n', 1],
  [`python3 nofile.py`, "python3: can't open file '/tmp/nofile.py': [Errno 2] No such file or directory\n", 2],
  [`python3 -c 'a = "b" * 3; b = a if len(a) > 2 else 0; print(b, not b, 1 in [1], 3 > 2 and "y")'`, 'bbb False True y\n'],
  [`python3 -c 'x = "ab" * 10**6; print(len(x), len([0] * 10**7), len(bytearray(2**28)))'`, '2000000 10000000 268435456\n'],
  [
    `python3 -c 'x = []
for i in range(10**6):
    if i > 2: break
    x.append(i)
print(x, len(range(10**9)), list(range(3)))'`,
    '[0, 1, 2] 1000000000 [0, 1, 2]\n',
  ],
  [`python3 -c 'print("-" * 70000)' | wc -c`, '70001\n'],
  [`perl -e 'my @a; push @a, 1, 2; push @a, 3; print join(",", @a), " ", length("x" x 1e6), "\\n"'`, '1,2,3 1000000\n'],
  // node
  [`node -e 'const a = []; a.push(1); console.log(a.push(2), a, Buffer.alloc(1e8).length)'`, '2 [ 1, 2 ] 100000000\n'],
  [`node -e 'console.log(1)'`, '1\n'],
  [`node -e 'console.log("a", 1 + 1, [1, 2], {a: "b"}, 1 / 2)'`, "a 2 [ 1, 2 ] { a: 'b' } 0.5\n"],
  ["A=x node -e 'const v = process.env.A; console.log(`v=${v}!`); process.exit(3)'", 'v=x!\n', 3],
  [`node -p '6 * 7'`, '42\n'],
  [`node -e 'setTimeout(() => console.log("later"), 1000); console.log("now")'`, 'now\nlater\n'],
  [`node -e 'let i = 0; setInterval(() => { console.log(i++); if (i > 2) process.exit(0) }, 500)'`, '0\n1\n2\n'],
  [`node -e 'for (let i = 0; i < 3; i++) { if (i === 1) continue; console.log("n" + i) }'`, 'n0\nn2\n'],
  [`node -e 'console.error("bad"); process.exit(1)'`, 'bad\n', 1],
  [
    `node -e 'function f(a, b = 2) { if (a > 5) return "big"; return a * b } console.log(f(3), f(9)); const g = x => x + 1; console.log(g(f(1, 1)))'`,
    '6 big\n2\n',
  ],
  [
    `node -e 'const os = require("os"); const fs = require("node:fs"); fs.writeFileSync("/tmp/o", "x"); console.log(os.hostname(), fs.readFileSync("/tmp/o", "utf8"))'`,
    'web x\n',
  ],
  // Not simulated, and said so.
  [`awk 'BEGIN { while (1) n++ }'`, 'podsim: awk has taken 500000 steps and goes on; podsim ends it\n', 2],
  [`seq 1 60000 | awk '{ n += $1; m = m > $1 ? m : $1; if (n % 2 == 0) e++ } END { print n, m, e }'`, '1800030000 60000 30000\n'],
  [`python3 -c 'async def f(): pass'`, 'podsim: python3: this program is not simulated (at: async def f(): pass)\n', 1],
  [`node -e 'class A {}'`, 'podsim: node: this program is not simulated (at: A)\n', 1],
  [`perl -e 'my %h = map { $_ => 1 } 1..3'`, 'podsim: perl: this program is not simulated (at: {)\n', 1],
];

/** Scripts of several lines, with what python 3.11 prints. */
const scripts: readonly (readonly [source: string, output: string, code?: number])[] = [
  ['def f(a, b=2):\n    c = a * b\n    return c + 1\nprint(f(3), f(3, 3), f(b=5, a=1))', '7 10 6\n'],
  ['def fact(n):\n    if n <= 1: return 1\n    return n * fact(n - 1)\nprint(fact(10))', '3628800\n'],
  [
    'import time\nn = 0\ndef tick():\n    global n\n    n += 1\n    time.sleep(1)\n    print(n)\ndef main():\n    while n < 3:\n        tick()\n    return "done"\nif __name__ == "__main__":\n    x = main()\n    print(x)',
    '1\n2\n3\ndone\n',
  ],
  ['x = 1\ndef f():\n    x = 2\n    return x\nprint(f(), x)', '2 1\n'],
  [
    'try:\n    print(1 / 0)\nexcept ZeroDivisionError as e:\n    print("caught", e)\nelse:\n    print("no")\nfinally:\n    print("end")',
    'caught division by zero\nend\n',
  ],
  ['try:\n    open("/nope")\nexcept (KeyError, OSError):\n    print("os")\ntry:\n    {}["k"]\nexcept KeyError as e:\n    print("key", e)', "os\nkey 'k'\n"],
  [
    'def f():\n    raise ValueError("bad " + "value")\ntry:\n    f()\nexcept Exception as e:\n    print(repr(e), e)\nprint(1)',
    "ValueError('bad value') bad value\n1\n",
  ],
  ['def f(x):\n    try:\n        return 10 / x\n    except ZeroDivisionError:\n        return None\nprint(f(2), f(0))', '5.0 None\n'],
  ['try:\n    print("a")\nfinally:\n    print("b")', 'a\nb\n'],
  ['a = [1]\na.append(2)\nb = [x for x in a]\nb.append(3)\ndef f(l):\n    return len(l)\nprint(a, b, f(a))', '[1, 2] [1, 2, 3] 2\n'],
  ['a = [1]\nb = a\nb.append(2)\nprint(a)', 'podsim: python3: this program is not simulated (at: b changed, which has another name)\n', 1],
  ['def f(l):\n    l.append(1)\na = []\nf(a)\nprint(a)', 'podsim: python3: this program is not simulated (at: l changed, which has another name)\n', 1],
  ['d = {}\nd["a"] = 1\nd["b"] = d["a"] + 1\nprint(d)\ntry:\n    [1][5]\nexcept IndexError as e:\n    print(e)', "{'a': 1, 'b': 2}\nlist index out of range\n"],
  [
    'class A:\n    """doc"""\n    kind = "thing"\n    def __init__(self, name, n=1):\n        self.name = name\n        self.n = n\n        self.items = []\n    def add(self, x):\n        self.items.append(x)\n        self.n += 1\n        return self\n    def show(self):\n        print(f"{self.name}: {self.n} {self.items} {self.kind}")\nclass B(A):\n    def __init__(self, name):\n        super().__init__(name, 5)\n        self.extra = {"k": 1}\n    def show(self):\n        super().show()\n        print("B", self.extra["k"])\na = A("a")\na.add(1)\na.add(2).show()\nb = B("b")\nb.add("z")\nb.show()\nb.extra["k"] = 7\nb.show()\nc = b\nc.name = "changed"\nprint(b.name, isinstance(b, A), isinstance(a, B))',
    "a: 3 [1, 2] thing\nb: 6 ['z'] thing\nB 1\nb: 6 ['z'] thing\nB 7\nchanged True False\n",
  ],
  [
    'import time\nfrom datetime import datetime\nimport json as j\nclass Worker:\n    def __init__(self, name):\n        self.name = name\n        self.count = 0\n    def run(self):\n        while self.count < 3:\n            self.step()\n            time.sleep(1)\n        print("end")\n    def step(self):\n        self.count += 1\n        print(j.dumps({"name": self.name, "count": self.count}))\nif __name__ == "__main__":\n    Worker("w").run()\n    print(datetime.now().isoformat()[:4] != "")',
    '{"name": "w", "count": 1}\n{"name": "w", "count": 2}\n{"name": "w", "count": 3}\nend\nTrue\n',
  ],
  [
    'def f(*args):\n    return len(args)\nprint(f(1,2,3), f())\nxs = [{"a": 1}, {"a": 2}]\nprint(sum([x["a"] for x in xs]), sorted([3,1,2]), {"b": [1, 2]})\nprint("%s-%05.2f" % ("x", 3.14159), "{:>5}|{:<5}|".format("a", "b"), "abc"[1:], "abc"[-1])',
    "3 0\n3 [1, 2, 3] {'b': [1, 2]}\nx-03.14     a|b    | bc c\n",
  ],
  [
    'class MyError(Exception):\n    pass\nclass Other(MyError):\n    pass\ndef f(x):\n    if x > 1:\n        raise Other("too big: %d" % x)\n    return x\nfor i in range(3):\n    try:\n        print(f(i))\n    except MyError as e:\n        print("caught", e)\n    finally:\n        print("done", i)',
    '0\ndone 0\n1\ndone 1\ncaught too big: 2\ndone 2\n',
  ],
  ['class E(Exception):\n    pass\nraise E("last")', 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nE: last\n', 1],
  [
    'class C:\n    pass\nc = C()\nc.x = 1\nprint(c.x, hasattr(c, "y"), getattr(c, "z", 9))\nc.nope',
    "1 False 9\nTraceback (most recent call last):\n  File \"<string>\", line 1, in <module>\nAttributeError: 'C' object has no attribute 'nope'\n",
    1,
  ],
  ['raise RuntimeError("over")', 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nRuntimeError: over\n', 1],
  ['try:\n    try:\n        raise KeyError("x")\n    finally:\n        print("inner")\nexcept KeyError:\n    print("outer")', 'inner\nouter\n'],
  ['print([x * x for x in range(5) if x % 2 == 0], {k: len(k) for k in ["a", "bb"]}, sum(x for x in [1, 2, 3]))', "[0, 4, 16] {'a': 1, 'bb': 2} 6\n"],
  [
    'a, b = 1, 2\na, b = b, a\nprint(a, b)\nfor i, c in enumerate("xy"):\n    print(i, c)\nfor k, v in {"p": 1}.items():\n    print(k, v)',
    '2 1\n0 x\n1 y\np 1\n',
  ],
  ['s = "hello"\nprint(s[1:3], s[:2], s[-2:], [1, 2, 3][1:], 1 < 2 < 3, 3 > 2 > 2)', 'el he lo [2, 3] True False\n'],
  ['f = lambda x, y: x + y\nprint(f(1, 2), sorted([3, 1, 2]), sorted("ba"), max([1, 5]), list(reversed([1, 2])))', "3 [1, 2, 3] ['a', 'b'] 5 [2, 1]\n"],
  [
    'with open("/tmp/o", "w") as f:\n    f.write("one\\n")\n    f.write("two\\n")\nwith open("/tmp/o") as f:\n    for line in f:\n        print(line.strip())',
    'one\ntwo\n',
  ],
  [
    'import time\ntry:\n    for i in range(2):\n        time.sleep(5)\n        print(i)\n    raise SystemError("x")\nexcept SystemError:\n    time.sleep(1)\n    print("handled")',
    '0\n1\nhandled\n',
  ],
  [
    'import urllib.request\ntry:\n    urllib.request.urlopen("http://web:80/")\nexcept Exception as e:\n    print(e)',
    '<urlopen error [Errno 111] Connection refused>\n',
  ],
];

test.each(scripts.map(([source, output, code = 0]) => ({ source, output, code })))('python: $source', ({ source, output, code }) => {
  const mine = runScript('dash', ['python3', '-c', source], { suspend: true, now: 1_767_225_600_000 });
  expect([mine.output, mine.code]).toEqual([output, code]);
});

test('node answers requests', () => {
  const c = pods();
  const source = `const http = require('http');
    let n = 0;
    const handler = (req, res) => {
      n++;
      console.log(req.method + ' ' + req.url);
      if (req.url === '/healthz') { res.writeHead(503, { 'Content-Type': 'text/plain' }); res.end('bad\\n'); return; }
      res.statusCode = 200;
      res.end("You've hit " + n + '\\n');
    };
    http.createServer(handler).listen(8080, () => console.log('listening'));`;
  c.run('x', 'node:20', ['node', '-e', source]);
  c.run('y', 'busybox', ['sleep', '3600']);
  c.advance('40s');
  const ip = c.get<Pod>('pods', 'x').status?.podIP;
  expect(c.exec('y', `wget -qO- ${ip}:8080/a; wget -qO- ${ip}:8080/; wget -O- ${ip}:8080/healthz`)).toBe(
    `You've hit 1\nYou've hit 2\nConnecting to ${ip}:8080 (${ip}:8080)\nwget: server returned error: HTTP/1.1 503 Service Unavailable\n[1]`,
  );
  expect(c.logs('x')).toBe('listening\nGET /a\nGET /\nGET /healthz\n');
});

/** A server as tutorials put it into a ConfigMap. */
const APP = `from http.server import HTTPServer, BaseHTTPRequestHandler
import os, json, socket

COUNT = 0

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global COUNT
        COUNT += 1
        if self.path == '/healthz':
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'ok')
        elif self.path.startswith('/json'):
            body = json.dumps({"host": socket.gethostname(), "count": COUNT, "agent": self.headers.get("User-Agent")}).encode()
            self.send_response(200)
            self.send_header('Content-Type', 'application/json')
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_error(404, "Not here")

    def do_POST(self):
        length = int(self.headers.get('Content-Length', 0))
        data = self.rfile.read(length)
        self.send_response(201)
        self.end_headers()
        self.wfile.write(data)

def main():
    port = int(os.environ.get('PORT', '8080'))
    server = HTTPServer(('', port), Handler)
    print(f"Serving on {port}", flush=True)
    server.serve_forever()

if __name__ == '__main__':
    main()
`;

test('a python program of a ConfigMap answers requests by its classes', () => {
  const c = pods();
  const data = { 'app.py': APP, 'other.py': 'import asyncio\nasync def x():\n  pass\n' };
  c.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app' }, data } as unknown as KubeObject);
  const run = (name: string, file: string, container: object = {}): void =>
    c.run(name, 'python:3.12', ['python', `/app/${file}`], {
      restartPolicy: 'Never',
      volumes: [{ name: 'a', configMap: { name: 'app' } }],
      container: { volumeMounts: [{ name: 'a', mountPath: '/app' }], ...container },
    });
  run('x', 'app.py', { readinessProbe: { httpGet: { path: '/healthz', port: 8080 } } });
  run('other', 'other.py');
  run('gone', 'gone.py');
  c.advance('60s');
  expect(c.get<Pod>('pods', 'x').status?.containerStatuses?.[0]?.ready).toBe(true);
  expect(c.exec('x', 'curl -s localhost:8080/json')).toMatch(/^\{"host": "x", "count": \d+, "agent": "curl\/[\d.]+"\}$/);
  expect(c.exec('x', 'curl -s -XPOST -d hello localhost:8080/; curl -s -o /dev/null -w " %{http_code}" localhost:8080/nope')).toBe('hello 404');
  expect(c.logs('x')).toMatch(/^Serving on 8080\n[\d.]+ - - \[01\/Jan\/2026 00:00:\d\d\] "GET \/healthz HTTP\/1.1" 200 -\n/);
  expect([c.logs('other'), c.get<Pod>('pods', 'other').status?.phase]).toEqual([
    'podsim: python: this program is not simulated (at: async def x():); it does nothing until it is stopped\n',
    'Running',
  ]);
  expect([c.logs('gone'), c.get<Pod>('pods', 'gone').status?.phase]).toEqual([
    "python: can't open file '/app/gone.py': [Errno 2] No such file or directory\n",
    'Failed',
  ]);
});

describe('one-liners', () => {
  test.each(cases.map(([command, output, code = 0]) => ({ command, output, code })))('$command', ({ command, output, code }) => {
    const mine = runScript('dash', ['sh', '-c', command], { suspend: true, now: 1_767_225_600_000 });
    expect([mine.output, mine.code]).toEqual([output, code]);
  });
});

test('a program that never waits lets others go on', () => {
  const { code, output } = runScript('dash', ['sh', '-c', `python3 -c 'while True: pass' & sleep 1; echo on; kill $!`], { now: 0, until: 120_000 });
  expect([output, code]).toEqual(['on\n', 0]);
});

/** With a limit of 128Mi, and what becomes of the container. */
test.each([
  ['python', `python3 -c 'x = "a" * 10**9; print("done")'`, 'OOMKilled'],
  ['python', `python3 -c 'b = bytearray(512*1024*1024); print(len(b))'`, 'OOMKilled'],
  ['python', `python3 -c 'x = [0] * 10**8'`, 'OOMKilled'],
  ['python', `python3 -c 'x = " " * (50 * 1024 * 1024); print(len(x))'`, 'Completed'],
  ['python', `python3 -c '\nimport time\nx = []\nwhile True:\n    x.append(" " * 10**7)\n    print(len(x))\n    time.sleep(1)'`, 'OOMKilled'],
  ['perl', `perl -e '$x = "a" x 1000000000; print "done"'`, 'OOMKilled'],
  ['perl', `perl -e 'my @a; while (1) { push @a, "x" x 10000000; }'`, 'OOMKilled'],
  ['node', `node -e 'const a = []; setInterval(() => { a.push(Buffer.alloc(1e7)) }, 100)'`, 'OOMKilled'],
  ['node', `node -e '"a".repeat(1e9)'`, 'Error'],
] as const)('memory: %s %s: %s', (image, script, reason) => {
  const c = pods();
  c.run('x', image, ['sh', '-c', script], { restartPolicy: 'Never', container: { resources: { limits: { memory: '128Mi' } } } });
  c.advance('2m');
  expect(c.get<Pod>('pods', 'x').status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    reason,
    ...(reason === 'OOMKilled' ? { exitCode: 137 } : {}),
  });
  expect(c.logs('x')).not.toMatch(/done|podsim/);
});
