// Asks the JSON language service of VS Code: requests on stdin, answers on stdout.
const { getLanguageService, TextDocument } = require('vscode-json-languageservice');
const fs = require('fs');
const { fileURLToPath } = require('url');

const service = getLanguageService({
  schemaRequestService: async uri => {
    if (!uri.startsWith('file:')) throw new Error(`not a file: ${uri}`);
    return fs.readFileSync(fileURLToPath(uri), 'utf8');
  },
  workspaceContext: { resolveRelativePath: (relative, resource) => new URL(relative, resource).toString() },
});
service.configure({ validate: true });

async function answer({ uri, text }) {
  const cursor = text.indexOf('¦');
  const document = TextDocument.create(uri, 'json', 1, text.replace('¦', ''));
  const json = service.parseJSONDocument(document);
  const problems = await service.doValidation(document, json);
  const proposals = cursor < 0 ? [] : (await service.doComplete(document, document.positionAt(cursor), json)).items;
  return {
    problems: problems.map(p => `${p.range.start.line + 1}: ${p.message}`),
    proposals: proposals.map(p => p.label),
    words: proposals.map(p => p.documentation?.value ?? p.documentation ?? ''),
  };
}

(async () => {
  const requests = JSON.parse(fs.readFileSync(0, 'utf8'));
  console.log(JSON.stringify(await Promise.all(requests.map(answer))));
})();
