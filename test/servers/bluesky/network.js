// Starts a whole Bluesky network on this machine, for tests: directory (PLC),
// personal data server (PDS) and AppView. When it is ready it writes its
// addresses to the file named on the command line.
'use strict'
process.env.LOG_ENABLED = 'false'
const { renameSync, writeFileSync } = require('node:fs')
const { TestNetwork } = require('@atproto/dev-env')

async function main(file) {
  const network = await TestNetwork.create({
    dbPostgresUrl: process.env.DB_POSTGRES_URL,
    dbPostgresSchema: 'kentongan',
  })
  // Whole or not at all: somebody waits for the file.
  writeFileSync(file + '.new', JSON.stringify({ pds: network.pds.url, appview: network.bsky.url, plc: network.plc.url }))
  renameSync(file + '.new', file)
}

main(process.argv[2]).catch((err) => {
  console.error(err)
  process.exit(1)
})
