for (const figure of document.querySelectorAll('.chart')) {
  const drawn = JSON.parse(figure.querySelector('script').textContent);
  const begin = () => new Chart(figure, drawn);
  const folded = figure.closest('details');
  // What is folded has no width yet.
  if (folded) folded.addEventListener('toggle', begin, { once: true });
  else begin();
}
