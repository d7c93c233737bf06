/** The text of src/api/schema.d.ts, made from the server's OpenAPI document. */
import openapiTS, { astToString } from 'openapi-typescript';

const note = '// Generated from docs/openapi.json by `npm run generate`. Do not edit.\n\n';

export async function schemaText(documentJson: string): Promise<string> {
  const nodes = await openapiTS(JSON.parse(documentJson), {
    alphabetize: true,
    defaultNonNullable: false,
    emptyObjectsUnknown: true,
  });
  return note + astToString(nodes);
}
