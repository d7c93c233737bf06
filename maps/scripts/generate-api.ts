/**
 * Writes src/api/schema.d.ts from the server's OpenAPI document:
 * `npm run generate [path/to/openapi.json]`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const source =
  process.argv[2] ?? fileURLToPath(new URL('../../target/openapi.json', import.meta.url));
const target = new URL('../src/api/schema.d.ts', import.meta.url);

const document = JSON.parse(await readFile(source, 'utf8'));
const types = astToString(
  await openapiTS(document, { alphabetize: true, defaultNonNullable: false }),
);
const note = '// Generated from the OpenAPI document by `npm run generate`. Do not edit.\n\n';
await writeFile(target, note + types);
