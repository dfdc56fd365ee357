; setup.exe: per user, no administrator, Chinese pages. packaging/windows/package gives the defines.
;
; What runs is $INSTDIR\program. A new version is unpacked beside it and takes its name only when it is whole, so that a
; full disk or a cut leaves the old one; Windows refuses the new name while a file of the old one is in use.
; Exit codes: 0 done, 2 not enough room or a file could not be written, 3 not a 64-bit Windows 10, 4 the program runs,
; 5 a newer version is installed.
Target amd64-unicode
Unicode true
!ifdef QUICK ; for trying
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 32
!endif
!include "MUI2.nsh"
!include "x64.nsh"
!include "WinVer.nsh"
!include "WordFunc.nsh"
!include "FileFunc.nsh"

!define NAME "法治台账"
!define ID "fazhi-ledger"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define RECORDS "$LOCALAPPDATA\fazhi-ledger"

Name "${NAME} ${VERSION}"
OutFile "${OUT}"
BrandingText "${NAME} ${VERSION}"
RequestExecutionLevel user
; A file that cannot be written ends the installation; otherwise /S leaves it out and takes the rest for the whole.
AllowSkipFiles off
ManifestDPIAware true
InstallDir "$LOCALAPPDATA\Programs\${ID}"
InstallDirRegKey HKCU "Software\${ID}" "InstallDir"
ShowInstDetails nevershow
ShowUninstDetails nevershow
!ifdef SIGN
  !finalize '${SIGN} "%1"' = 0
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${NAME}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "CompanyName" "Fazhi Ledger"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT"
VIAddVersionKey /LANG=2052 "FileDescription" "${NAME}安装程序"

!define MUI_ICON "${STAGED}/app.ico"
!define MUI_UNICON "${STAGED}/app.ico"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "安装${NAME} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "程序装在您自己的用户文件夹里，不需要管理员，不联网。$\r$\n$\r$\n装过旧版的，直接装上即可：台账、设置和备份都不动。请先关闭正在运行的${NAME}。$\r$\n$\r$\n台账存放在：$\r$\n${RECORDS}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\program\fazhi-ledger.exe"
!define MUI_FINISHPAGE_RUN_TEXT "打开${NAME}"
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP "只删除程序。台账、附件和备份都留着，在：$\r$\n${RECORDS}"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "程序已卸载"
!define MUI_FINISHPAGE_TEXT "台账、附件和备份没有删除，在：$\r$\n$\r$\n${RECORDS}$\r$\n$\r$\n以后再装上${NAME}，打开就是原来的台账。"
!insertmacro MUI_UNPAGE_FINISH
!insertmacro MUI_LANGUAGE "SimpChinese"

!macro refuse code words
  MessageBox MB_OK|MB_ICONSTOP "${words}" /SD IDOK
  SetErrorLevel ${code}
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    !insertmacro refuse 3 "${NAME}要64位的Windows 10或更新的系统，这台电脑不是。没有改动任何文件。"
    Abort
  ${EndIf}
  ReadRegStr $0 HKCU "${KEY}" "DisplayVersion"
  ; The program itself asks for the way back, with the backup of the ledger that belongs to this version.
  ${GetParameters} $2
  ClearErrors
  ${GetOptions} $2 "/BACK" $3
  ${If} ${Errors}
  ${AndIf} $0 != ""
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 == 1
      !insertmacro refuse 5 "已装的${NAME}是$0，比这个安装程序（${VERSION}）新，没有改动。$\r$\n$\r$\n新版写过的台账旧版打不开；要退回上一版，请用帮助的“升级”里的“退回上一版”。"
      Abort
    ${EndIf}
  ${EndIf}
FunctionEnd

; $0 becomes 1 when the program in use cannot be changed: Windows lets nobody write to a library that is loaded.
!macro is_running
  StrCpy $0 0
  ${If} ${FileExists} "$INSTDIR\program\python\python311.dll"
    ClearErrors
    FileOpen $1 "$INSTDIR\program\python\python311.dll" a
    ${If} ${Errors}
      StrCpy $0 1
    ${Else}
      FileClose $1
    ${EndIf}
  ${EndIf}
!macroend

!macro refuse_while_running verb again
  ${again}:
  !insertmacro is_running
  ${If} $0 == 1
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME}正在运行，没有改动。请先保存并关闭程序，再按“重试”${verb}。" /SD IDCANCEL IDRETRY ${again}
    SetErrorLevel 4
    Abort "${NAME}正在运行，没有改动。"
  ${EndIf}
!macroend

Section
  !insertmacro refuse_while_running "安装" again
  ; The power went between the two names of an earlier upgrade: the old version is whole.
  ${IfNot} ${FileExists} "$INSTDIR\program\*.*"
  ${AndIf} ${FileExists} "$INSTDIR\program.old\*.*"
    Rename "$INSTDIR\program.old" "$INSTDIR\program"
  ${EndIf}
  RMDir /r "$INSTDIR\program.new"
  RMDir /r "$INSTDIR\program.old"
  SetOutPath "$INSTDIR\program.new"
  File /r "${STAGED}/*"
  SetOutPath "$INSTDIR"
  ${If} ${FileExists} "$INSTDIR\program\*.*"
    !insertmacro refuse_while_running "安装" again_unpacked
    ClearErrors
    Rename "$INSTDIR\program" "$INSTDIR\program.old"
    ${If} ${Errors}
      RMDir /r "$INSTDIR\program.new"
      !insertmacro refuse 4 "$INSTDIR\program里有文件正在使用，没有改动，旧版还能用。请关闭${NAME}和打开着那个文件夹的窗口，再安装。"
      Abort
    ${EndIf}
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR\program.new" "$INSTDIR\program"
  ${If} ${Errors}
    Rename "$INSTDIR\program.old" "$INSTDIR\program"
    RMDir /r "$INSTDIR\program.new"
    !insertmacro refuse 2 "新版没能放进$INSTDIR，旧版还能用，台账没有动。请检查那个文件夹能不能写入，再安装。"
    Abort
  ${EndIf}
  RMDir /r "$INSTDIR\program.old"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ; The way back from the next version needs this very installer.
  ${If} "$EXEPATH" != "$INSTDIR\setup.exe"
    CopyFiles /SILENT "$EXEPATH" "$INSTDIR\setup.exe"
  ${EndIf}
  WriteRegStr HKCU "Software\Classes\.fzup" "" "FazhiLedger.Update"
  WriteRegStr HKCU "Software\Classes\FazhiLedger.Update" "" "${NAME}升级文件"
  WriteRegStr HKCU "Software\Classes\FazhiLedger.Update\DefaultIcon" "" "$INSTDIR\program\app.ico"
  WriteRegStr HKCU "Software\Classes\FazhiLedger.Update\shell\open\command" "" '"$INSTDIR\program\fazhi-ledger.exe" "%1"'

  ; The folder in which a shortcut starts is the current SetOutPath: not `program`, which could not be renamed then.
  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\program\fazhi-ledger.exe" "" "$INSTDIR\program\app.ico"
  CreateShortCut "$DESKTOP\${NAME}.lnk" "$INSTDIR\program\fazhi-ledger.exe" "" "$INSTDIR\program\app.ico"

  WriteRegStr HKCU "Software\${ID}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "Fazhi Ledger"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\program\app.ico"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  SetErrorLevel 0
SectionEnd

; A file could not be written (the disk is full) or somebody stopped it: what was there before is there still.
Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\program.new"
  MessageBox MB_OK|MB_ICONSTOP "没有装上，台账没有动；装过旧版的，旧版还能用。$\r$\n$\r$\n请检查磁盘还有没有空间（要${ROOM} MB）、$INSTDIR能不能写入、程序是不是开着，再安装。" /SD IDOK
FunctionEnd

Section Uninstall
  !insertmacro refuse_while_running "卸载" again
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\program"
  RMDir /r "$INSTDIR\program.old"
  RMDir /r "$INSTDIR\program.new"
  Delete "$INSTDIR\uninstall.exe"
  Delete "$INSTDIR\setup.exe"
  DeleteRegKey HKCU "Software\Classes\.fzup"
  DeleteRegKey HKCU "Software\Classes\FazhiLedger.Update"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  Delete "$DESKTOP\${NAME}.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegValue HKCU "Software\${ID}" "InstallDir"
  DeleteRegKey /ifempty HKCU "Software\${ID}"
  ; The clerk's records in ${RECORDS} stay on purpose.
SectionEnd
