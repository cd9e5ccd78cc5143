/*
 * Calls the built `lockkeeper` again and again in one process: each time its entry is a module anew, and what it has
 * loaded stays loaded, which is most of what a call takes. Told by messages: { path, args, environment, cwd }.
 */
const out = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr']) {
  // Each call listens for a reader that goes away.
  process[name].setMaxListeners(0);
  process[name].write = (chunk) => {
    out[name] += chunk;
    return true;
  };
}

let calls = 0;

async function call({ path, args, environment, cwd }) {
  out.stdout = out.stderr = '';
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  process.chdir(cwd);
  process.argv = [process.execPath, path, ...args];
  process.exitCode = 0;
  try {
    await import(`${path}?${(calls += 1)}`);
  } catch (error) {
    out.stderr += String(error.stack);
    process.exitCode = 1;
  }
  return { code: Number(process.exitCode), ...out };
}

let last = Promise.resolve();
process.on('message', (asked) => {
  last = last.then(() => call(asked)).then((called) => process.send(called));
});
