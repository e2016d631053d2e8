// Reads barcodes with zxing-wasm: the directory of that package, then PGM files;
// one JSON line per file.
//
//   pdftoppm -r 203 -gray label.pdf page && node decode.mjs node_modules/zxing-wasm page-1.pgm
//
// A line is {file, codes: [{symbology, data}]}; FNC1 in the first place, which
// makes a Code 128 a GS1-128 and a DataMatrix a GS1 DataMatrix, is told by the AIM
// identifiers ]C1 and ]d2.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [home, ...files] = process.argv.slice(2)
const { readBarcodes, prepareZXingModule } = await import(pathToFileURL(join(home, 'dist/es/reader/index.js')))
prepareZXingModule({ overrides: { wasmBinary: await readFile(join(home, 'dist/reader/zxing_reader.wasm')) } })

// pgm reads the binary grey maps of pdftoppm into what browsers call ImageData.
async function pgm(file) {
  const raw = await readFile(file)
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(raw.subarray(0, 64).toString('latin1'))
  if (!head) throw new Error(file + ' is not a binary PGM of 8 bits')
  const [width, height] = [Number(head[1]), Number(head[2])]
  const grey = raw.subarray(head[0].length)
  const pixels = new Uint32Array(width * height) // in one go: this took longer than to read the codes
  for (let i = 0; i < pixels.length; i++) pixels[i] = 0xff000000 | (grey[i] * 0x010101)
  return { data: new Uint8ClampedArray(pixels.buffer), width, height, colorSpace: 'srgb' }
}

for (const file of files) {
  const found = await readBarcodes(await pgm(file), {
    formats: ['Code128', 'EAN13', 'EAN8', 'QRCode', 'DataMatrix'],
    tryHarder: true, maxNumberOfSymbols: 255, textMode: 'Plain', eanAddOnSymbol: 'Ignore',
  })
  const codes = found.filter((f) => f.isValid).map((f) => ({
    symbology: { ']C1': 'GS1-128', ']d2': 'GS1-DataMatrix' }[f.symbologyIdentifier] ?? f.format,
    data: new TextDecoder().decode(f.bytes),
  }))
  console.log(JSON.stringify({ file, codes }))
}
