// Starts telegram-test-api, a Bot API server, on the port named on the command
// line, for tests.
'use strict'
const TelegramServer = require('telegram-test-api')

new TelegramServer({ port: Number(process.argv[2]), host: '127.0.0.1', storage: 'RAM' }).start().catch((err) => {
  console.error(err)
  process.exit(1)
})
