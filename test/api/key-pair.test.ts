/** Texts as crypto/tls gives them: kubectl v1.33 `create secret tls` with the same pairs says the same. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { bitString, integer, oid, pem, sequence, tagged, utcTime, utf8 } from '../../src/api/der.js';
import { keyPairProblem } from '../../src/api/key-pair.js';

const ED25519 = sequence(oid('1.3.101.112'));
const NAME = sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, utf8('a')))));

function certificateOf(publicKey: KeyObject, privateKey: KeyObject): string {
  const parts = [integer(Uint8Array.of(1)), ED25519, NAME, sequence(utcTime(0), utcTime(1e12)), NAME, publicKey.export({ type: 'spki', format: 'der' })];
  const body = sequence(tagged(0xa0, integer(Uint8Array.of(2))), ...parts);
  return pem('CERTIFICATE', sequence(body, ED25519, bitString(sign(null, body, privateKey))));
}

const text = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const own = generateKeyPairSync('ed25519');
const CERTIFICATE = certificateOf(own.publicKey, own.privateKey);
const KEY = text(own.privateKey);
const OTHER = text(generateKeyPairSync('ed25519').privateKey);
const CURVE = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const block = (type: string, body: string): string => `-----BEGIN ${type}-----\n${body}\n-----END ${type}-----`;

test.each([
  ['a pair', CERTIFICATE, KEY, undefined],
  ['with parameters before the key', CERTIFICATE, `${block('EC PARAMETERS', 'BggqhkjOPQMBBw==')}\n${KEY}`, undefined],
  ['another key', CERTIFICATE, OTHER, 'tls: private key does not match public key'],
  ['a key of another kind', CERTIFICATE, text(CURVE), 'tls: private key type does not match public key type'],
  [
    'the wrong way round',
    KEY,
    CERTIFICATE,
    'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
  ],
  ['the certificate twice', CERTIFICATE, CERTIFICATE, 'tls: found a certificate rather than a key in the PEM for the private key'],
  ['no PEM', 'x', KEY, 'tls: failed to find any PEM data in certificate input'],
  ['no PEM for a key', CERTIFICATE, 'x', 'tls: failed to find any PEM data in key input'],
  ['no base64', block('CERTIFICATE', 'MIIC...'), KEY, 'tls: failed to find any PEM data in certificate input'],
  ['the beginning of a certificate', block('CERTIFICATE', 'MIIC'), KEY, 'x509: malformed certificate'],
  ['an empty sequence', block('CERTIFICATE', 'MAA='), KEY, 'x509: malformed tbs certificate'],
  ['the beginning of a key', CERTIFICATE, block('PRIVATE KEY', 'MIIC'), 'tls: failed to parse private key'],
  [
    'something else',
    `${block('A B', 'MAA=')}\n${block('C', 'MAA=')}\n`,
    KEY,
    'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [A B C]',
  ],
])('%s', (_, certificate, key, said) => expect(keyPairProblem(certificate, key)).toBe(said));
