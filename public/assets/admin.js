// The admin pages work without this; with it, a lifetime is read back while it is typed, and nothing typed is left by
// accident.

const UNITS = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
  ['second', 1],
];

function duration(seconds) {
  let left = seconds;
  const parts = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ') || '0 seconds';
}

for (const output of document.querySelectorAll('output[data-duration]')) {
  const input = document.getElementById(output.htmlFor.value);
  input.addEventListener('input', () => {
    output.value = /^\d{1,9}$/.test(input.value.trim()) ? `= ${duration(Number(input.value))}` : '';
  });
}

let leaving = false;
for (const form of document.querySelectorAll('form.settings, form.edit')) {
  form.addEventListener('submit', () => {
    leaving = true;
  });
  addEventListener('beforeunload', (event) => {
    const fields = [...form.elements];
    const typed = fields.some((field) =>
      'defaultValue' in field ? field.type !== 'hidden' && field.value !== field.defaultValue : false,
    );
    if (typed && !leaving) event.preventDefault();
  });
}
