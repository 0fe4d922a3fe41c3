'use strict'
// A Bluesky PDS and its PLC directory, in memory and on loopback: node pds.js PLC_PORT PDS_PORT FOLDER

// These servers listen to the whole network unless they are told otherwise here.
const net = require('node:net')
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  const callback = rest.find((one) => typeof one === 'function')
  const port = typeof first === 'object' && first !== null ? first.port : first
  return listen.call(this, { port, host: '127.0.0.1' }, callback)
}

const { PlcServer, Database } = require('@did-plc/server')
const { PDS, envToCfg, envToSecrets, readEnv } = require('@atproto/pds')

async function main() {
  const [plcPort, pdsPort, folder] = process.argv.slice(2)
  const plc = PlcServer.create({ db: Database.mock(), port: Number(plcPort) })
  await plc.start()
  Object.assign(process.env, {
    PDS_PORT: pdsPort,
    PDS_HOSTNAME: 'localhost',
    PDS_DEV_MODE: 'true',
    PDS_DATA_DIRECTORY: folder,
    PDS_BLOBSTORE_DISK_LOCATION: `${folder}/blobs`,
    PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
    PDS_INVITE_REQUIRED: 'false',
    PDS_RATE_LIMITS_ENABLED: 'false',
    PDS_SERVICE_HANDLE_DOMAINS: '.test',
    PDS_JWT_SECRET: 'the-jwt-secret-of-the-test',
    PDS_ADMIN_PASSWORD: 'the-admin-password-of-the-test',
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: '7'.repeat(64),
    LOG_ENABLED: 'false',
  })
  const env = readEnv()
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
  console.log('ready')
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
