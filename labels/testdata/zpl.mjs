// Renders ZPL with zpl-renderer-js (zebrash): the directory of that package, then for each file its dots per
// millimetre, the width and height of its labels in millimetres and its name; one JSON line per file: {file, labels: [PNG
// in base64]}.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRequire } from 'node:module'

const [home, out, ...rest] = process.argv.slice(2)
const { ready } = createRequire(import.meta.url)(join(home, 'dist/index.cjs.js'))
const { api } = await ready
const lines = []
for (let i = 0; i < rest.length; i += 4) {
  const [dpmm, width, height] = rest.slice(i, i + 3).map(Number)
  const labels = await api.zplToBase64MultipleAsync(await readFile(rest[i + 3], 'latin1'), width, height, dpmm)
  lines.push(JSON.stringify({ file: rest[i + 3], labels }))
}
await writeFile(out, lines.join('\n'))
process.exit(0)
