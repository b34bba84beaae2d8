/** Web servers by their own rules: nginx by configuration files of the user (texts are nginx 1.27's, the start-up scripts' docker-nginx's), http.server. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { pods } from './shell/pods.js';

const CONF = `server {
  listen 8080;
  server_name _;
  location / { return 200 "hello from $hostname $uri\\n"; }
  location = /healthz { access_log off; default_type application/json; return 200 '{"ok":true}'; }
  location /api/ { proxy_pass http://127.0.0.1:9090/; }
  location /dead/ { proxy_pass http://127.0.0.1:9; }
  location ~ \\.php$ { deny all; }
  location /files/ { alias /usr/share/nginx/html/; try_files $uri =404; }
  location /old { return 301 https://$host/new; }
}
server { listen 9090; location / { return 201 "back $request_uri"; } }
`;

function nginx(conf: string | undefined, spec: Readonly<Record<string, unknown>> = {}) {
  const c = pods();
  const mounted = conf === undefined ? {} : { volumeMounts: [{ name: 'v', mountPath: '/etc/nginx/conf.d' }] };
  if (conf !== undefined)
    c.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf' }, data: { 'default.conf': conf } } as unknown as KubeObject);
  c.run('x', 'nginx', undefined, {
    volumes: [{ name: 'v', configMap: { name: 'conf', optional: true } }],
    ...spec,
    container: { ...mounted, ...(spec['container'] as object) },
  });
  c.advance('10s');
  return c;
}

test('serves what a ConfigMap says', () => {
  const c = nginx(CONF);
  const get = (path: string, flags = '-s'): string => c.exec('x', `curl ${flags} localhost:8080${path}`);
  expect(get('/a')).toBe('hello from x /a\n');
  expect(get('/healthz', '-si')).toMatch(/200 OK\r\n(.*\r\n)*Content-Type: application\/json\r\n(.*\r\n)*\r\n\{"ok":true\}$/);
  expect(get('/api/v1?x=1')).toBe('back /v1?x=1');
  expect(get('/dead/', '-s -o /dev/null -w "%{http_code}"')).toBe('502');
  expect(get('/index.php')).toContain('<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx/1.27.5</center>');
  expect(get('/old', '-sI')).toMatch(/301 Moved Permanently\r\n(.*\r\n)*Location: https:\/\/localhost\/new\r\n/);
  expect(c.exec('x', 'curl -s localhost:80; echo $?')).toBe('7\n');
  expect(c.logs('x')).toContain('can not modify /etc/nginx/conf.d/default.conf (read-only file system?)\n');
  expect(c.logs('x')).toMatch(
    /connect\(\) failed \(111: Connection refused\) while connecting to upstream, client: .*, upstream: "http:\/\/127.0.0.1:9\/dead\/"/,
  );
  expect(c.logs('x')).not.toContain('/healthz');
});

const REWRITES = `map $http_x_team $team { default none; blue "Team Blue"; ~^re(?<rest>.) "red-$rest"; }
server {
  listen 8080;
  root /tmp/www;
  error_page 404 /404.html;
  error_page 500 502 503 504 /50x.html;
  error_page 403 =200 /ok.html;
  add_header X-Seen yes;
  if ($request_method = POST) { return 405; }
  rewrite ^/legacy/(.*)$ /new/$1 last;
  rewrite ^/moved$ /elsewhere permanent;
  rewrite ^/away(/.*)$ http://example.com$1 redirect;
  location /new/ { return 200 "$uri?$args\\n"; }
  location = /team { return 200 "$team\\n"; }
  location = /404.html { internal; return 404 "nothing here\\n"; }
  location = /50x.html { internal; }
  location /teapot { return 418; }
  location /err { return 503; }
  location /closed { deny all; }
  location ~ ^/user/(?<id>\\d+)/(\\w+)$ { set $who $id; return 200 "user $who does $2\\n"; }
  location /app/ { try_files $uri $uri/ /app/index.html; }
  location /named/ { try_files $uri @back; }
  location @back { proxy_pass http://127.0.0.1:9090; }
  location /agent { if ($http_user_agent ~* "bot") { return 403 "no bots\\n"; } return 200 "hi $http_user_agent\\n"; }
  location /br/ { rewrite ^/br/(.*)$ /app/$1 break; }
  location /loop { rewrite ^ /loop last; }
  location /dead { proxy_pass http://127.0.0.1:9; }
}
server { listen 9090; location / { return 200 "back $request_uri\\n"; } }
`;

test('rewrites, asks, and answers errors with pages of its own', () => {
  const c = nginx(REWRITES);
  c.exec('x', 'mkdir -p /tmp/www/app; cd /tmp/www; echo app > app/index.html; echo one > app/one; echo sorry > 50x.html; echo fine > ok.html');
  const get = (path: string, flags = '-s'): string => c.exec('x', `curl ${flags} localhost:8080${path}`);
  const status = (path: string): string => get(path, '-s -o /dev/null -w "%{http_code} %{redirect_url}"').trim();
  expect(get('/legacy/a/b?x=1')).toBe('/new/a/b?x=1\n');
  expect(status('/moved')).toBe('301 http://localhost:8080/elsewhere');
  expect(status('/away/x')).toBe('302 http://example.com/x');
  expect([get('/team'), get('/team', '-s -H "X-Team: Blue"'), get('/team', '-s -H "X-Team: red"')]).toEqual(['none\n', 'Team Blue\n', 'red-d\n']);
  expect([get('/nope'), status('/nope'), status('/404.html')]).toEqual(['nothing here\n', '404', '404']);
  expect([get('/err'), status('/err')]).toEqual(['sorry\n', '503']);
  expect([get('/dead'), status('/dead')]).toEqual(['sorry\n', '502']);
  expect([get('/closed'), status('/closed')]).toEqual(['fine\n', '200']);
  expect(status('/teapot')).toBe('418');
  expect(get('/user/7/run')).toBe('user 7 does run\n');
  expect([get('/app/one'), get('/app/other'), get('/br/one')]).toEqual(['one\n', 'app\n', 'one\n']);
  expect(get('/named/x?y=1')).toBe('back /named/x?y=1\n');
  expect([get('/agent', '-s -A Robot'), get('/agent', '-s -A me')]).toEqual(['no bots\n', 'hi me\n']);
  expect(status('/loop')).toBe('500');
  expect(get('/team', '-s -o /dev/null -X POST -w "%{http_code}"')).toBe('405');
  expect([get('/team', '-sI'), get('/err', '-sI')].map((text) => /X-Seen: yes/.test(text))).toEqual([true, false]);
});

test('speaks TLS where it is told to', () => {
  const conf =
    'server {\n  listen 80;\n  listen 443 ssl;\n  ssl_certificate /tls/tls.crt;\n  ssl_certificate_key /tls/tls.key;\n  location / { return 200 "$scheme $server_port\\n"; }\n}\n';
  const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
  expect(nginx(conf, { restartPolicy: 'Never' }).logs('x')).toContain(
    'nginx: [emerg] cannot load certificate "/tls/tls.crt": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory:calling fopen(/tls/tls.crt, r) error:10000080:BIO routines::no such file)\n',
  );
  const c = pods();
  c.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf' }, data: { 'default.conf': conf } } as unknown as KubeObject);
  c.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'tls' }, data: { 'tls.crt': PEM, 'tls.key': PEM } } as unknown as KubeObject);
  c.run('x', 'nginx', undefined, {
    volumes: ['conf', 'tls'].map((name) => ({ name, configMap: { name } })),
    container: {
      volumeMounts: [
        { name: 'conf', mountPath: '/etc/nginx/conf.d' },
        { name: 'tls', mountPath: '/tls' },
      ],
    },
  });
  c.advance('10s');
  expect(c.exec('x', 'curl -sk https://localhost; curl -s http://localhost')).toBe('https 443\nhttp 80\n');
  expect(c.exec('x', 'curl -s http://localhost:443')).toContain('<title>400 The plain HTTP request was sent to HTTPS port</title>');
});

test.each([
  ['server {\n  listen 80\n  location / { root /x; }\n}\n', 'directive "listen" is not terminated by ";" in /etc/nginx/conf.d/default.conf:3'],
  ['server {\n  listn 80;\n}\n', 'unknown directive "listn" in /etc/nginx/conf.d/default.conf:2'],
  ['server {\n  listen 80;\n', 'unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:2'],
  ['}\n', 'unexpected "}" in /etc/nginx/conf.d/default.conf:1'],
  ['location / { }\n', '"location" directive is not allowed here in /etc/nginx/conf.d/default.conf:1'],
  ['server { location / { proxy_pass http://nowhere; } }\n', 'host not found in upstream "nowhere" in /etc/nginx/conf.d/default.conf:1'],
])('a configuration that is wrong: %j', (conf, text) => {
  const c = nginx(conf, { restartPolicy: 'Never' });
  expect(c.logs('x')).toMatch(
    new RegExp(`\\n\\d{4}/\\d\\d/\\d\\d [\\d:]+ \\[emerg\\] 1#1: ${text.replace(/[/.{}";]/g, '.')}\\nnginx: \\[emerg\\] ${text.replace(/[/.{}";]/g, '.')}\\n$`),
  );
});

test.each([
  [{ securityContext: { runAsUser: 1000 } }, 'mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)'],
  [{ container: { securityContext: { readOnlyRootFilesystem: true } } }, 'mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)'],
  [{ container: { securityContext: { capabilities: { drop: ['ALL'] } } } }, 'chown("/var/cache/nginx/client_temp", 101) failed (1: Operation not permitted)'],
])('what it may not do: %j', (spec, text) => {
  expect(nginx(undefined, { restartPolicy: 'Never', ...spec }).logs('x')).toContain(`nginx: [emerg] ${text}\n`);
});

test('reads its configuration again when it is told to', () => {
  const c = nginx(undefined);
  expect(c.exec('x', 'echo "server { listen 81; return 200 new; }" > /etc/nginx/conf.d/new.conf; nginx -t && nginx -s reload; curl -s localhost:81')).toMatch(
    /test is successful\n.*signal process started\nnew$/,
  );
  expect(c.exec('x', 'echo "foo;" > /etc/nginx/conf.d/bad.conf; nginx -t')).toMatch(
    /unknown directive "foo" in \/etc\/nginx\/conf.d\/bad.conf:1\nnginx: configuration file \/etc\/nginx\/nginx.conf test failed\n\[1\]$/,
  );
  expect(c.exec('x', 'curl -s localhost:81')).toBe('new');
  expect(c.exec('x', 'curl -s localhost/nope -o /dev/null -w "%{size_download}"')).toBe('153');
});

test.each([
  ['nginx', '/usr/share/nginx/html', 'text/css\r\nContent-Type: application/octet-stream\r\n'],
  ['httpd', '/usr/local/apache2/htdocs', 'text/css\r\n'],
])('%s tells the type of a file by its name', (image, root, types) => {
  const c = pods();
  c.run('x', image);
  c.advance('30s');
  c.exec('x', 'apt-get update && apt-get install -y curl');
  expect(c.exec('x', `cd ${root}; touch s.css x.bin; curl -sI localhost/s.css localhost/x.bin | grep Content-Type`)).toBe(`Content-Type: ${types}`);
});

test('a server whose logs lie in a read-only volume goes without', () => {
  const c = nginx('# none', { container: { volumeMounts: [{ name: 'v', mountPath: '/var/log/nginx' }] } });
  expect(c.exec('x', 'curl -s -o /dev/null -w "%{http_code}" localhost; ls /var/log/nginx')).toBe('200default.conf\n');
});

test('what a server may not read is refused', () => {
  const c = nginx('server { listen 8080; root /tmp; }', {
    securityContext: { runAsUser: 101 },
    volumes: [
      { name: 'v', configMap: { name: 'conf' } },
      { name: 't', emptyDir: {} },
    ],
    container: {
      volumeMounts: [
        { name: 'v', mountPath: '/etc/nginx/conf.d' },
        { name: 't', mountPath: '/var/cache/nginx' },
        { name: 't', mountPath: '/run' },
      ],
    },
  });
  expect(c.exec('x', 'touch /tmp/f; chmod 0 /tmp/f; curl -s localhost:8080/f | grep title')).toBe('<head><title>403 Forbidden</title></head>\r\n');
  expect(c.logs('x')).toContain('open() "/tmp/f" failed (13: Permission denied)');
  c.run('py', 'python:3.12', ['python', '-m', 'http.server', '8000'], { securityContext: { runAsUser: 1000 } });
  c.advance('30s');
  expect(c.exec('py', 'touch /tmp/f; chmod 0 /tmp/f; curl -s -o /dev/null -w "%{http_code}" localhost:8000/tmp/f')).toBe('404');
});

test("Python's http.server lists directories, and says what is not there", () => {
  const c = pods();
  c.run('x', 'python:3.12', ['python', '-m', 'http.server', '8000']);
  c.advance('30s');
  expect(c.exec('x', 'curl -s localhost:8000/usr/ | grep "<li>" | head -n1; curl -s localhost:8000/nope | grep Message')).toMatch(
    /^<li><a href="bin\/">bin\/<\/a><\/li>\n +<p>Message: File not found.<\/p>\n$/,
  );
  expect(c.logs('x')).toMatch(/ - - \[\d\d\/\w{3}\/\d{4} [\d:]{8}\] code 404, message File not found\n\S+ - - \[[^\]]*\] "GET \/nope HTTP\/1.1" 404 -\n$/);
});
