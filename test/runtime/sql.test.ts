/** MySQL and PostgreSQL as exercises use them: one server for all clients, passwords, errors in their words, data that a volume keeps. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { type Pods, pods } from './shell/pods.js';

function servers(): Pods {
  const c = pods();
  const serve = (name: string, image: string, port: number, path: string, env: Readonly<Record<string, string>>): void => {
    c.create({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { run: name }, ports: [{ port }] } } as unknown as KubeObject);
    c.run(name, image, undefined, {
      volumes: [{ name: 'd', emptyDir: {} }],
      container: {
        env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
        volumeMounts: [{ name: 'd', mountPath: path }],
      },
    });
  };
  serve('my', 'mysql:8.4', 3306, '/var/lib/mysql', { MYSQL_ROOT_PASSWORD: 'secret', MYSQL_DATABASE: 'app', MYSQL_USER: 'u', MYSQL_PASSWORD: 'p' });
  serve('pg', 'postgres:16', 5432, '/var/lib/postgresql/data', { POSTGRES_PASSWORD: 'secret', POSTGRES_DB: 'shop' });
  c.run('cli', 'mysql:8.4', ['sleep', '100000']);
  c.run('pcli', 'postgres:16', ['sleep', '100000']);
  c.advance('30s');
  return c;
}

const WARNING = 'mysql: [Warning] Using a password on the command line interface can be insecure.\n';
const TABLE = `create table t (id int auto_increment primary key, name varchar(20) not null, price decimal(8,2) default 1.5)`;

test('mysql keeps tables, counts, refuses', () => {
  const c = servers();
  const my = (sql: string, flags = ''): string =>
    c.exec('my', ['mysql', '-uroot', '-psecret', ...flags.split(' ').filter((one) => one !== ''), '-e', sql]).replace(WARNING, '');
  expect(my('show databases')).toBe('Database\napp\ninformation_schema\nmysql\nperformance_schema\nsys\n');
  expect(my(`use app; ${TABLE}; insert into t (name, price) values ('a', 2), ('b', 3.456), ('c', null)`)).toBe('');
  expect(my('select id, name, price from t where price > 1 order by price desc', 'app')).toBe('id\tname\tprice\n2\tb\t3.46\n1\ta\t2.00\n');
  expect(my('select count(*), sum(price) from t', 'app -t')).toBe(
    '+----------+------------+\n| count(*) | sum(price) |\n+----------+------------+\n|        3 |       5.46 |\n+----------+------------+\n',
  );
  expect(my('describe t', 'app')).toBe(
    'Field\tType\tNull\tKey\tDefault\tExtra\nid\tint\tNO\tPRI\tNULL\tauto_increment\nname\tvarchar(20)\tNO\t\tNULL\t\nprice\tdecimal(8,2)\tYES\t\t1.5\t\n',
  );
  expect(my("update t set name = 'zz' where id = 2; delete from t where id = 3; select name from t\\G", 'app')).toBe(
    '*************************** 1. row ***************************\nname: a\n*************************** 2. row ***************************\nname: zz\n',
  );
  expect(my('begin; delete from t; rollback; select count(*) from t', 'app -N')).toBe('2\n');
  expect(my('select a.name, b.name from t a join t b on a.id < b.id', 'app -N')).toBe('a\tzz\n');
  for (const [sql, error] of [
    ['select * from nope', "ERROR 1146 (42S02) at line 1: Table 'app.nope' doesn't exist"],
    ["insert into t (id, name) values (1, 'z')", "ERROR 1062 (23000) at line 1: Duplicate entry '1' for key 't.PRIMARY'"],
    ['insert into t (price) values (1)', "ERROR 1364 (HY000) at line 1: Field 'name' doesn't have a default value"],
    ['select nope from t', "ERROR 1054 (42S22) at line 1: Unknown column 'nope' in 'field list'"],
    ['create database app', "ERROR 1007 (HY000) at line 1: Can't create database 'app'; database exists"],
    [
      'selec 1',
      "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'selec 1' at line 1",
    ],
  ] as const)
    expect(my(sql, 'app')).toBe(`${error}\n[1]`);
  expect(c.exec('my', 'mysql -uroot -e "select 1"')).toBe("ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)\n[1]");
  expect(c.exec('my', "printf 'use app;\\nselect id\\n from t;\\nselect nope;\\n' | mysql -uroot -psecret")).toBe(
    `${WARNING}id\n1\n2\nERROR 1054 (42S22) at line 4: Unknown column 'nope' in 'field list'\n[1]`,
  );
  expect(c.exec('cli', 'mysql -h my -uu -pp app -N -e "select name from t where id = 2"')).toBe(`${WARNING}zz\n`);
  expect(c.exec('cli', 'mysql -h my -uu -pno app -e "select 1"')).toContain("ERROR 1045 (28000): Access denied for user 'u'@'10.");
  expect(c.exec('my', 'mysqldump -uroot -psecret app')).toContain("INSERT INTO `t` VALUES (1,'a',2.00),(2,'zz',3.46);\n");
  c.exec('my', 'kill 1');
  c.advance('30s');
  expect(my('select name from t', 'app -N')).toBe('a\nzz\n');
  expect(c.logs('my')).not.toContain('Initializing database files');
});

test('postgres too, in its own words', () => {
  const c = servers();
  const pg = (...commands: readonly string[]): string => c.exec('pg', ['psql', '-U', 'postgres', 'shop', ...commands.flatMap((one) => ['-c', one])]);
  expect(c.exec('pg', 'psql -c "select 1"')).toBe(
    'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  role "root" does not exist\n[2]',
  );
  expect(
    pg(
      'create table users (id serial primary key, name varchar(50) not null, email text unique, age int)',
      "insert into users (name, email, age) values ('Ann', 'a@x', 30), ('Bob', 'b@x', null)",
    ),
  ).toBe('CREATE TABLE\nINSERT 0 2\n');
  expect(pg('select * from users order by age')).toBe(
    ' id | name | email | age \n----+------+-------+-----\n  1 | Ann  | a@x   |  30\n  2 | Bob  | b@x   |    \n(2 rows)\n\n',
  );
  expect(pg('select avg(id), 10/3, 10.0/3 from users')).toBe(
    '        avg         | ?column? |      ?column?      \n--------------------+----------+--------------------\n 1.5000000000000000 |        3 | 3.3333333333333333\n(1 row)\n\n'.replace(
      '|        3 | 3.3',
      '|        3 | 3.3',
    ),
  );
  expect(pg('select * from nope;')).toBe('ERROR:  relation "nope" does not exist\nLINE 1: select * from nope;\n                      ^\n[1]');
  expect(pg("insert into users (name, email) values ('X', 'a@x')")).toBe(
    'ERROR:  duplicate key value violates unique constraint "users_email_key"\nDETAIL:  Key (email)=(a@x) already exists.\n[1]',
  );
  expect(pg('\\dt')).toBe(
    '         List of relations\n Schema | Name  | Type  |  Owner   \n--------+-------+-------+----------\n public | users | table | postgres\n(1 row)\n\n',
  );
  expect(c.exec('pg', 'psql -U postgres shop -tAc "select count(*) from users"; echo "delete from users where id = 1;" | psql -U postgres shop')).toBe(
    '2\nDELETE 1\n',
  );
  expect(c.exec('pcli', 'psql -h pg -U postgres -c "select 1"')).toMatch(/ failed: fe_sendauth: no password supplied\n\[2\]$/);
  expect(c.exec('pcli', 'PGPASSWORD=secret psql -h pg -U postgres shop -tc "select name from users"')).toBe(' Bob\n\n');
  c.exec('pg', 'kill 1');
  c.advance('30s');
  expect(pg('select name from users')).toContain(' Bob\n');
  expect(c.logs('pg')).toContain('PostgreSQL Database directory appears to contain a database; Skipping initialization');
});
