"""Started as a process: the floor of a start, a bare PySide6 window with a table."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QTableView())
window.resize(1366, 768)
window.show()
app.exec()
