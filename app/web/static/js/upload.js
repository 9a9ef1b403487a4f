// A file may be dropped anywhere on the form; one larger than this page takes is named before it travels.
(() => {
  const form = document.querySelector("form[data-upload-limit]");
  const file = form?.querySelector('input[type="file"]');
  const note = document.getElementById("too-large");
  if (!form || !file || !note) return;
  const zone = file.closest(".drop") ?? form;
  const limit = Number(form.dataset.uploadLimit);
  const tooLarge = () => [...file.files].some((one) => one.size > limit);
  const look = () => { note.hidden = !tooLarge(); zone.classList.toggle("full", file.files.length > 0); };
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const over = (step) => { depth = step === 0 ? 0 : depth + step; zone.classList.toggle("over", depth > 0); };
  form.addEventListener("dragenter", (event) => { if (holdsFiles(event)) { event.preventDefault(); over(1); } });
  form.addEventListener("dragleave", (event) => { if (holdsFiles(event)) over(-1); });
  form.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
  form.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    over(0);
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });
  file.addEventListener("change", look);
  form.addEventListener("submit", (event) => {
    if (tooLarge()) { event.preventDefault(); note.hidden = false; file.focus(); return; }
    form.querySelector('button[type="submit"]').setAttribute("aria-busy", "true");
  });
})();
