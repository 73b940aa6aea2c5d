// Loaded before a server for tests (node --require): whatever address it asks for, it listens on loopback only.
const net = require('node:net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const [first] = given;
  if (first !== null && typeof first === 'object' && 'port' in first) return listen.call(this, { ...first, host: '127.0.0.1' }, ...given.slice(1));
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
    const done = given.slice(1).find(argument => typeof argument === 'function');
    return done ? listen.call(this, Number(first), '127.0.0.1', done) : listen.call(this, Number(first), '127.0.0.1');
  }
  return listen.apply(this, given);
};
