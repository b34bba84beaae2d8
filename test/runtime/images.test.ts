/** The catalogue: every file can be read, and tells tags that exist from those that do not. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/api/time.js';
import { createCatalogue, type ImageData, matchesTag } from '../../src/runtime/image.js';
import { imageTree } from '../../src/runtime/image-files.js';
import { parseReference, type Reference } from '../../src/runtime/reference.js';
import { readImage } from '../kubelet/node.js';

const root = new URL('../../fixtures/images/', import.meta.url);
const names = (readdirSync(root, { recursive: true }) as string[]).filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length));
const KEYS = new Set(
  'repository tags versions sizes pull user uid gid groups env workingDir entrypoint cmd stopSignal ports os programs files owned links mains started run runs variants'.split(
    ' ',
  ),
);
const RUN_KEYS = new Set(
  'match listen ingress portEnv calls ready log requires exit stop http root nginx redis sql again accessLog logFiles grpc services portTaken server memory cpu work'.split(
    ' ',
  ),
);

test.each([
  ['1.25', '1.25.5'],
  ['1.14.2', '1.14.2'],
  ['1.26-alpine', '1.26.3'],
  ['1', '1.27.5'],
  ['latest', '1.27.5'],
])('nginx:%s says it is %s', (tag, version) => {
  const catalogue = createCatalogue((repository) => readImage(repository) as ImageData, imageTree);
  expect(catalogue.image('nginx', tag)?.run?.server).toBe(`nginx/${version}`);
});

test('there are sixty images', () => expect(names.length).toBeGreaterThanOrEqual(60));

describe.each(names)('%s', (name) => {
  const data = readImage(name) as ImageData;
  test('is filed under its own name', () => {
    expect(data.repository).toBe(name);
    expect((parseReference(name) as Reference).familiar).toBe(name);
  });
  test('holds nothing unknown', () => {
    expect(Object.keys(data).filter((key) => !KEYS.has(key))).toEqual([]);
    for (const tag of data.tags ?? []) expect(typeof tag).toBe('string');
    const runs = [data.run, ...(data.runs ?? []), ...Object.values(data.variants ?? {}).flatMap((variant) => [variant.run, ...(variant.runs ?? [])])];
    for (const run of runs.filter((one) => one !== undefined)) {
      expect(Object.keys(run).filter((key) => !RUN_KEYS.has(key))).toEqual([]);
      const times: (string | undefined)[] = [
        run.ready,
        run.exit?.after,
        run.stop?.after,
        run.portTaken?.after,
        ...(run.requires ?? []).map((one) => one.after),
      ];
      for (const log of [run.log, run.stop?.log, run.portTaken?.log, ...(run.requires ?? []).map((one) => one.log)])
        for (const line of log ?? []) times.push(typeof line === 'string' ? undefined : line.after);
      for (const time of times) if (time !== undefined) expect(parseDuration(time), time).toBeDefined();
      if ('match' in run) expect(() => new RegExp(run.match as string)).not.toThrow();
    }
    for (const size of Object.values(data.sizes)) expect(size).toBeGreaterThan(1000);
    for (const value of Object.values(data.env ?? {})) expect(typeof value).toBe('string');
  });
  test('is found by each of its tags', () => {
    expect(data.tags).not.toEqual([]);
    for (const tag of data.tags ?? ['latest']) expect(has(`${data.repository}:${tag.replaceAll('*', '1')}`), tag).toBe(true);
  });
});

const has = (image: string): boolean => {
  const reference = parseReference(image) as Reference;
  return createCatalogue(readImage, imageTree).hasTag(reference.familiar, reference);
};

test.each([
  'nginx',
  'nginx:alpine',
  'nginx:1.7.9',
  'nginx:1.14.2',
  'nginx:1.16.1',
  'nginx:1.18.0',
  'nginx:1.19',
  'nginx:1.21-alpine',
  'nginx:1.25.3-alpine-slim',
  'nginx:1.27',
  'nginx:stable',
  'nginx:1',
  'busybox',
  'busybox:1.28',
  'busybox:1.36',
  'busybox:1.36.1',
  'busybox:musl',
  'redis',
  'redis:6',
  'redis:7.2-alpine',
  'redis:5.0.4',
  'redis:3.2-alpine',
  'mysql:5.6',
  'mysql:8',
  'mysql:8.0.36',
  'postgres:16',
  'postgres:9.6',
  'postgres:15.3-alpine',
  'mongo:4.4',
  'mongo:6.0.2',
  'httpd:2.4',
  'httpd:2.4.57-alpine',
  'python:3.8',
  'python:3.12-slim',
  'python:3.9.7-alpine',
  'node:18',
  'node:16-alpine',
  'node:18.12.1',
  'ubuntu:22.04',
  'ubuntu:jammy',
  'debian:bookworm-slim',
  'alpine:3.18',
  'alpine:3.18.4',
  'perl:5.34.0',
  'perl:5.34',
  'perl',
  'golang:1.21',
  'openjdk:8-jre',
  'wordpress:4.8-apache',
  'memcached:1.6.21',
  'rabbitmq:3-management',
  'hello-world',
  'registry.k8s.io/pause:3.9',
  'luksa/kubia:v2',
  'luksa/kiada:0.2',
  'cassandra:3.11',
])('%s exists', (image) => expect(has(image)).toBe(true));

test.each([
  'nginx:lates',
  'nginx:latst',
  'nginx:1.91',
  'nginx:wrong',
  'nginx:1.270',
  'nginx:nope',
  'redis:lates',
  'redis:99',
  'busybox:1.99',
  'busybox:latests',
  'mysql:80',
  'postgres:99',
  'httpd:alpin',
  'python:4',
  'node:99',
  'ubuntu:22.4',
  'alpine:4.1',
  'luksa/kubia:v9',
])('%s does not', (image) => expect(has(image)).toBe(false));

test.each([
  ['1.{7..29}', '1.7', true],
  ['1.{7..29}', '1.30', false],
  ['1.{7..29}', '1.07', false],
  ['1.{7..29}', '1x27', false],
  ['*-alpine', '3-alpine', true],
  ['{0101..1231}', '0715', true],
])('pattern %s and tag %s: %s', (pattern, tag, expected) => expect(matchesTag(pattern, tag)).toBe(expected));
